//! Memory that is not needed at the moment, given back to the system.

/// Hands freed pages back, which glibc alone keeps for itself, and lets go of the program's own code: what is needed of
/// it comes back from the file at the next request, within a fraction of a millisecond.
pub fn release() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    trim_heap();
    #[cfg(target_os = "linux")]
    rest_code();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "malloc_trim has no safe wrapper")]
fn trim_heap() {
    // SAFETY: malloc_trim takes no pointer, only looks at the allocator's own free lists, and is thread-safe.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Memory of this process that is in use now, in bytes; none where the system does not say (elsewhere than on Linux).
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Unmaps the pages of executable mappings of the program itself. Those are private, never written, and so always equal
/// to the file; other mappings are left alone.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "madvise has no safe wrapper")]
fn rest_code() {
    let (Ok(maps), Ok(program)) = (std::fs::read_to_string("/proc/self/maps"), std::env::current_exe()) else { return };
    for (start, end) in maps.lines().filter_map(|line| code_of(line, &program.to_string_lossy())) {
        // SAFETY: the range is a mapping of ours as the system just listed it; its pages are clean copies of the file,
        // so dropping them changes nothing that can be read, and they come back when they are used.
        unsafe {
            libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_DONTNEED);
        }
    }
}

/// `7f00-7f10 r-xp 0000 08:01 42   /usr/bin/athsys`: the range, when it is code of `program`.
#[cfg(target_os = "linux")]
fn code_of(line: &str, program: &str) -> Option<(usize, usize)> {
    let mut parts = line.split_whitespace();
    let (range, permissions) = (parts.next()?, parts.next()?);
    let path = line.find('/').map(|at| &line[at..])?;
    if permissions != "r-xp" || path != program {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let (start, end) = (usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?);
    (start < end).then_some((start, end))
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
