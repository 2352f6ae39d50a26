hutch run first.js
