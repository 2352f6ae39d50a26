cc hello.c $(pkg-config --cflags --libs hutch) -o hello
