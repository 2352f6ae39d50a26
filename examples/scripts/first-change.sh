cmake --preset dev
cmake --build --preset dev
