module latchkey.example/latchkey

go 1.19
