//! Memory that is free inside the process, given back to the system.

/// Hands freed pages back; glibc alone keeps them for itself.
pub fn release() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(
        unsafe_code,
        reason = "malloc_trim has no safe wrapper; it takes no pointer and may be called at any time"
    )]
    // SAFETY: malloc_trim only looks at the allocator's own free lists and is thread-safe.
    unsafe {
        libc::malloc_trim(0);
    }
}
