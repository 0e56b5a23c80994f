// peer_onetbb.cpp — a continue_node for each node, an edge for each source.

#include <memory>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <vector>

#include "bench/peer.h"

namespace {

using tbb::flow::continue_msg;

template <typename Policy> class Graph {
    using Node = tbb::flow::continue_node<continue_msg, Policy>;

  public:
    explicit Graph(hm_floor *floor)
        : limit(tbb::global_control::max_allowed_parallelism, HM_PEER_THREADS) {
        nodes.reserve(floor->node_count);
        for (uint32_t n = 0; n < floor->node_count; n++) {
            hm_floor_node *body = &floor->nodes[n];
            nodes.push_back(std::make_unique<Node>(graph,
                    [body](const continue_msg &) noexcept { body->call(body); }));
            if (connect(floor, n) == 0) {
                roots.push_back(nodes[n].get());
            }
        }
    }

    void run() {
        for (Node *root : roots) {
            root->try_put(continue_msg());
        }
        graph.wait_for_all();
    }

  private:
    // Returns how many nodes the node waits for.
    uint32_t connect(const hm_floor *floor, uint32_t n) {
        const hm_floor_node *node = &floor->nodes[n];
        const double *const *sources = hm_floor_sources(node);
        auto first = reinterpret_cast<uintptr_t>(floor->nodes);
        uint32_t edge_count = 0;
        for (uint32_t i = 0; i < node->source_count; i++) {
            auto place = reinterpret_cast<uintptr_t>(sources[i]);
            if (place >= first && place < reinterpret_cast<uintptr_t>(node)) {
                tbb::flow::make_edge(*nodes[(place - first) / sizeof *node], *nodes[n]);
                edge_count++;
            }
        }
        return edge_count;
    }

    tbb::global_control limit;
    tbb::flow::graph graph;
    std::vector<std::unique_ptr<Node>> nodes;
    std::vector<Node *> roots;
};

template <typename Policy> void *create(hm_floor *floor) {
    try {
        return new Graph<Policy>(floor);
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

template <typename Policy> bool run(void *subject) {
    static_cast<Graph<Policy> *>(subject)->run();
    return true;
}

template <typename Policy> void destroy(void *subject) {
    delete static_cast<Graph<Policy> *>(subject);
}

} // namespace

extern "C" const hm_peer hm_peer_onetbb = {"onetbb", false, create<tbb::flow::queueing>,
        run<tbb::flow::queueing>, destroy<tbb::flow::queueing>};

extern "C" const hm_peer hm_peer_onetbb_lightweight = {"onetbb_lightweight", true,
        create<tbb::flow::lightweight>, run<tbb::flow::lightweight>,
        destroy<tbb::flow::lightweight>};
