build/dev/tests/abuse/native_loops timeout tests/abuse/attacks/native-loops "" 5000
