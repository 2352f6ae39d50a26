hutch strip blanks.ts
