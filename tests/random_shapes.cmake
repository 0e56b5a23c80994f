# The parts of one test that is larger than a file.
file(GLOB parts CONFIGURE_DEPENDS engine/random_shapes/*.c)
target_sources(test_engine_random_shapes PRIVATE ${parts})
