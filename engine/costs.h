// costs.h — what plans do with costs from outside, see <hamilton/costs.h>.

#ifndef HM_ENGINE_COSTS_H
#define HM_ENGINE_COSTS_H

#include <hamilton/costs.h>

// Tells a new plan, before hm_cost_estimate, what is known of its calls.
void hm_costs_tell(const hm_costs *costs, const hm_plan *plan);

#endif
