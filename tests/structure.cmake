# The shape of the tree and of what is built from it; each test is a script that says what
# is wrong.
set(hm_structure ${CMAKE_CURRENT_LIST_DIR}/structure)

add_test(NAME structure/tree COMMAND sh ${hm_structure}/tree.sh ${PROJECT_SOURCE_DIR})
add_test(NAME structure/format COMMAND sh ${hm_structure}/format.sh ${PROJECT_SOURCE_DIR})
add_test(NAME structure/headers COMMAND sh ${hm_structure}/headers.sh
        ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/headers
        ${CMAKE_C_COMPILER} gcc clang g++ clang++)
set_tests_properties(structure/format PROPERTIES SKIP_RETURN_CODE 77)
