"""Section N: names, connections and bytes that go wrong between the library and the hub."""
