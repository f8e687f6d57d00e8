//! argon2id itself, over a buffer that is reused.

use std::borrow::Cow;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{PasswordError, Verdict};

const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;
/// Most that a stored hash may ask for; more would let an edited or foreign file stop the server.
const MAX_MEMORY_KIB: u32 = 64 * 1024;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 8;

/// argon2's working memory, as large as the largest hash so far asked for.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    fn blocks(&mut self, count: usize) -> Result<&mut [Block], PasswordError> {
        let missing = count.saturating_sub(self.0.len());
        self.0.try_reserve_exact(missing).map_err(|error| PasswordError::Failed(error.to_string()))?;
        self.0.resize(self.0.len() + missing, Block::new());
        Ok(&mut self.0[..count])
    }

    /// Blocks that hold something.
    #[cfg(test)]
    pub(super) fn filled(&self) -> usize {
        self.0.iter().filter(|block| block.as_ref().iter().any(|word: &u64| *word != 0)).count()
    }

    /// Gives back what a hash with larger parameters than ours took.
    fn shrink(&mut self, count: usize) {
        if self.0.len() > count {
            self.0.truncate(count);
            self.0.shrink_to_fit();
        }
    }
}

/// The parameters of new hashes.
#[derive(Debug, Clone)]
pub(super) struct Hasher {
    params: Params,
}

impl Hasher {
    /// m = 19,456 KiB, t = 2, p = 1: the OWASP minimum, about 20 ms on a laptop.
    pub(super) fn standard() -> Hasher {
        Hasher::with(19_456, 2)
    }

    pub(super) fn with(memory_kib: u32, passes: u32) -> Hasher {
        let params = Params::new(memory_kib, passes, 1, Some(OUTPUT_BYTES)).expect("our parameters are in range");
        Hasher { params }
    }

    pub(super) fn hash(&self, password: &str, memory: &mut Memory) -> Result<String, PasswordError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(failed)?;
        let mut output = [0; OUTPUT_BYTES];
        derive(Algorithm::Argon2id, Version::V0x13, &self.params, password, &salt, &mut output, memory)?;
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(failed)?,
            salt: Some(Salt::new(&salt).map_err(failed)?),
            hash: Some(Output::new(&output).map_err(failed)?),
        };
        Ok(phc.to_string())
    }

    pub(super) fn verify(
        &self,
        password: &str,
        phc: Option<&str>,
        memory: &mut Memory,
    ) -> Result<Verdict, PasswordError> {
        let Some(stored) = phc.and_then(Stored::read) else {
            if phc.is_some() {
                tracing::error!("a stored password hash is unusable; its account needs a new password");
            }
            let mut output = [0; OUTPUT_BYTES];
            derive(Algorithm::Argon2id, Version::V0x13, &self.params, password, &[0; SALT_BYTES], &mut output, memory)?;
            // Read, so that the work cannot be left out.
            std::hint::black_box(output);
            return Ok(Verdict { ok: false, needs_rehash: false });
        };
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = &mut buffer[..stored.hash.len()];
        derive(stored.algorithm, stored.version, &stored.params, password, stored.salt.as_ref(), output, memory)?;
        memory.shrink(self.params.block_count());
        // Compares in constant time.
        let ok = Output::new(output).map_err(failed)? == stored.hash;
        Ok(Verdict { ok, needs_rehash: ok && !self.is_current(&stored) })
    }

    fn is_current(&self, stored: &Stored) -> bool {
        let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        stored.algorithm == Algorithm::Argon2id
            && stored.version == Version::V0x13
            && costs(&stored.params) == costs(&self.params)
            && stored.salt.len() >= SALT_BYTES
            && stored.hash.len() == OUTPUT_BYTES
    }
}

/// A PHC string taken apart.
struct Stored {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    hash: Output,
}

impl Stored {
    fn read(phc: &str) -> Option<Stored> {
        let phc = PasswordHash::new(phc).ok()?;
        let params = Params::try_from(&phc).ok()?;
        let affordable =
            params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= MAX_LANES;
        let stored = Stored {
            algorithm: Algorithm::try_from(phc.algorithm.as_str()).ok()?,
            version: phc.version.map_or(Ok(Version::V0x13), Version::try_from).ok()?,
            params,
            salt: phc.salt?,
            hash: phc.hash?,
        };
        affordable.then_some(stored)
    }
}

fn derive(
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Memory,
) -> Result<(), PasswordError> {
    let blocks = memory.blocks(params.block_count())?;
    let argon2 = Argon2::new(algorithm, version, params.clone());
    argon2.hash_password_into_with_memory(normal(password).as_bytes(), salt, output, blocks).map_err(failed)
}

/// NFC, because two keyboards may write the same é as one character or as two.
fn normal(password: &str) -> Cow<'_, str> {
    match is_nfc_quick(password.chars()) {
        IsNormalized::Yes => Cow::Borrowed(password),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(password.nfc().collect()),
    }
}

fn failed(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Failed(error.to_string())
}
