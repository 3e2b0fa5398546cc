import Glibc

// Two threads count in one place without a lock: the thread sanitizer must end it.
let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)
count.initialize(to: 0)
var threads: [pthread_t] = [0, 0]
for index in threads.indices {
    pthread_create(
        &threads[index], nil,
        { place in
            for _ in 0..<1000 { place?.assumingMemoryBound(to: Int.self).pointee += 1 }
            return nil
        }, count)
}
for thread in threads { pthread_join(thread, nil) }
