"""K: what may happen to the process that hosts the library. K-01 and K-02 stand with the kill loop."""
