//! The attribute of outflow's kernels. What a kernel is, and why it is none of the crates that there are for it, stands in
//! `src/simd/mod.rs` of outflow.

mod expand;

use proc_macro::TokenStream;

/// Compiles a function for each instruction set that outflow knows, and runs it for the one that is current.
///
/// The function is written as any other, in normal Rust, with lifetimes, types and constants as parameters if it needs them. It
/// becomes one that looks at `crate::simd::InstructionSet::current` and calls a twin for AVX-512, a twin for AVX2, or the portable one: what was
/// written, which the compiler is told to inline into each of them. What it calls is compiled for an instruction set only where it is
/// inlined too.
///
/// It can't be a method, nor `async`, `const`, `unsafe` or `extern`, and it returns no `impl Trait`.
#[proc_macro_attribute]
pub fn kernel(options: TokenStream, function: TokenStream) -> TokenStream {
    expand::kernel(options.into(), function.into()).unwrap_or_else(|error| error.into_compile_error()).into()
}

/// Whether this processor has what the twin `avx2` or `avx512` of a kernel is compiled for. For x86-64 only.
#[proc_macro]
pub fn has(set: TokenStream) -> TokenStream {
    expand::has(set.into()).unwrap_or_else(|error| error.into_compile_error()).into()
}
