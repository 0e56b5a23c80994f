# 200 features that nobody thought up: 20 levels of ten, each of two values of the level
# above it or, now and then, of the inputs. The same ones each time. Written as a list for
# the preprocessor, X(name, operation, a, b), so that the module, what is written by hand
# and the peers compute the same ones: see columns/features.h.
set(operations ADD SUBTRACT MULTIPLY DIVIDE LESSER GREATER ROOT SIZE COMPARE)
set(state 12345)

# Some number from 0 to bound - 1.
function(draw bound result)
  math(EXPR state "(${state} * 1103515245 + 12345) % 2147483648")
  math(EXPR number "(${state} >> 12) % ${bound}")
  set(state ${state} PARENT_SCOPE)
  set(${result} ${number} PARENT_SCOPE)
endfunction()

set(above x0 x1 x2 x3 x4 x5 x6 x7 x8 x9)
set(inputs ${above})
set(lines)
foreach(level RANGE 1 20)
  set(made)
  foreach(place RANGE 9)
    draw(9 number)
    list(GET operations ${number} operation)
    draw(10 first)
    draw(9 second)
    math(EXPR second "(${first} + 1 + ${second}) % 10") # another one
    draw(8 is_input)
    list(GET above ${first} a)
    if(is_input EQUAL 0)
      list(GET inputs ${second} b)
      if(a STREQUAL b)
        list(GET inputs ${first} b)
      endif()
    else()
      list(GET above ${second} b)
    endif()
    list(APPEND made f${level}_${place})
    string(APPEND lines " \\\n    X(f${level}_${place}, ${operation}, ${a}, ${b})")
  endforeach()
  set(above ${made})
endforeach()
file(CONFIGURE OUTPUT columns/features_list.h @ONLY CONTENT
        "// Written by bench/features.cmake.\n#define FEATURE_LIST(X)@lines@\n")
