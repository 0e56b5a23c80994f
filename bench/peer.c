// peer.c — which peers there are.

#include "bench/peer.h"

static const hm_peer *const built[] = {
        &hm_peer_libuv,
#ifdef HM_HAS_OPENMP
        &hm_peer_openmp,
#endif
#ifdef HM_HAS_ONETBB
        &hm_peer_onetbb,
        &hm_peer_onetbb_lightweight,
#endif
};

size_t hm_peers(const hm_peer *peers[HM_PEER_LIMIT]) {
    size_t count = sizeof built / sizeof built[0];
    for (size_t i = 0; i < count; i++) {
        peers[i] = built[i];
    }
    return count;
}
