# The scheduler's sources once more, with atomics and locks at which a test says who goes on.
target_include_directories(test_scheduler_interleaving BEFORE
        PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/scheduler/interleaving)
foreach(name crew deque inbox job parker pool worker)
  target_sources(test_scheduler_interleaving PRIVATE ${PROJECT_SOURCE_DIR}/scheduler/${name}.c)
endforeach()
