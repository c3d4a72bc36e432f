"""The engine as a JavaScript module, and the data that it reads."""
