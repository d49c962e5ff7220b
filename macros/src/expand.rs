//! From a function to its twins.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Ident, ItemFn, Pat, Result, Signature, parse2};

/// What AVX2 stands for: processors that have it have all of these.
const AVX2: &str = "avx2,bmi1,bmi2,lzcnt,popcnt";
/// What AVX-512 stands for.
const AVX512: &str = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl";

/// The function of the same name, and of the same signature, that holds `function` and its twins and chooses between them.
pub fn kernel(options: TokenStream, function: TokenStream) -> Result<TokenStream> {
    if !options.is_empty() {
        return Err(Error::new(options.span(), "`kernel` takes no options"));
    }
    let ItemFn { attrs, vis, sig, block, .. } = parse2(function)?;
    refuse(&sig)?;
    let (outer, arguments) = plain(&sig);
    // With the name of the whole in each, so that they hide no function that is called here, and no argument.
    let named = |twin: &str| Ident::new(&format!("{}_{twin}", sig.ident), Span::call_site());
    let [portable, avx2, avx512] = ["portable", "avx2", "avx512"].map(named);
    let inner = Signature { ident: portable.clone(), ..sig.clone() };
    let [head2, head512] = [&avx2, &avx512].map(|twin| Signature { ident: twin.clone(), ..outer.clone() });
    let parameters = turbofish(&sig);
    let call = quote! { #parameters (#(#arguments),*) };
    let inline = (!attrs.iter().any(|attr| attr.path().is_ident("inline"))).then(|| quote! { #[inline] });
    Ok(quote! {
        #(#attrs)*
        #inline
        #[allow(clippy::too_many_arguments)]
        #vis #outer {
            #[inline(always)]
            #inner #block
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = #AVX2)]
                #head2 { #portable #call }
                #[target_feature(enable = #AVX512)]
                #head512 { #portable #call }
                // Allowed here alone: what was written may still not be unsafe where its crate denies it.
                #[allow(unsafe_code)]
                match crate::simd::InstructionSet::current() {
                    // SAFETY: `current` gives only sets whose instructions this processor was found to have.
                    crate::simd::InstructionSet::Avx512 => return unsafe { #avx512 #call },
                    // SAFETY: as above.
                    crate::simd::InstructionSet::Avx2 => return unsafe { #avx2 #call },
                    crate::simd::InstructionSet::Portable => {}
                }
            }
            #portable #call
        }
    })
}

/// Whether the processor has all features of a set, `avx2` or `avx512`: the same ones that twins are compiled for.
pub fn has(set: TokenStream) -> Result<TokenStream> {
    let set: Ident = parse2(set)?;
    let features = match set.to_string().as_str() {
        "avx2" => AVX2,
        "avx512" => AVX512,
        _ => return Err(Error::new(set.span(), "`has` takes avx2 or avx512")),
    };
    let features = features.split(',');
    Ok(quote! { (true #(&& ::std::is_x86_feature_detected!(#features))*) })
}

/// What can't be a kernel.
fn refuse(sig: &Signature) -> Result<()> {
    let safe = matches!(sig.safety, syn::Safety::Default);
    if sig.constness.is_some() || sig.asyncness.is_some() || !safe || sig.abi.is_some() || sig.variadic.is_some() {
        return Err(Error::new(sig.span(), "a kernel is a plain `fn`: not const, async, unsafe or extern"));
    }
    match sig.receiver() {
        Some(receiver) => Err(Error::new(receiver.span(), "a kernel is no method: pass what it needs as arguments")),
        None => Ok(()),
    }
}

/// The signature with a name in place of each argument's pattern, and these names.
fn plain(sig: &Signature) -> (Signature, Vec<Ident>) {
    let mut plain = sig.clone();
    let mut names = Vec::new();
    for (i, argument) in plain.inputs.iter_mut().enumerate() {
        let FnArg::Typed(argument) = argument else { continue };
        // Not where they are written: tools look for what is written in the portable one.
        let name = match &*argument.pat {
            Pat::Ident(pattern) => Ident::new(&pattern.ident.to_string(), Span::mixed_site()),
            _ => Ident::new(&format!("argument_{i}"), Span::mixed_site()),
        };
        argument.attrs.clear();
        *argument.pat = Pat::Verbatim(quote! { #name });
        names.push(name);
    }
    (plain, names)
}

/// Types and constants handed on to a twin. Lifetimes are found by the compiler.
fn turbofish(sig: &Signature) -> Option<TokenStream> {
    let parameters: Vec<&Ident> = sig
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
        })
        .collect();
    (!parameters.is_empty()).then(|| quote! { ::<#(#parameters),*> })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(function: TokenStream) -> String {
        match kernel(TokenStream::new(), function) {
            Ok(tokens) => tokens.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn twins_have_the_signature() {
        let text = expanded(quote! {
            /// Adds.
            pub(super) fn add<'a, T: Copy, const N: usize>((a, _): (&'a [T; N], u8), mut b: T) -> T where T: Into<u64> { b }
        });
        let twin = "< 'a , T : Copy , const N : usize > (argument_0 : (& 'a [T ; N] , u8) , b : T) -> T where T : Into < u64 >";
        for name in ["add_avx2", "add_avx512"] {
            assert!(
                text.contains(&format!("fn {name} {twin} {{ add_portable :: < T , N > (argument_0 , b) }}")),
                "{text}"
            );
            assert!(text.contains(&format!("return unsafe {{ {name} :: < T , N > (argument_0 , b) }}")), "{text}");
        }
        assert!(text.contains(&format!("pub (super) fn add {twin}")), "{text}");
        assert!(text.contains("((a , _) : (& 'a [T ; N] , u8) , mut b : T)"), "{text}");
    }

    #[test]
    fn what_is_no_kernel_is_refused() {
        for (function, why) in [
            (quote! { fn f(&self) {} }, "no method"),
            (quote! { unsafe fn f() {} }, "plain `fn`"),
            (quote! { async fn f() {} }, "plain `fn`"),
            (quote! { extern "C" fn f() {} }, "plain `fn`"),
            (quote! { const fn f() {} }, "plain `fn`"),
            (quote! { struct F; }, "expected"),
        ] {
            let text = expanded(function);
            assert!(text.starts_with("error: ") && text.contains(why), "{text}");
        }
        assert!(kernel(quote! { avx2 }, quote! { fn f() {} }).is_err());
    }

    #[test]
    fn every_feature_is_looked_for() {
        for (set, features) in [(quote! { avx2 }, AVX2), (quote! { avx512 }, AVX512)] {
            let text = has(set).map(|tokens| tokens.to_string()).unwrap_or_default();
            for feature in features.split(',') {
                assert!(text.contains(&format!("(\"{feature}\")")), "{text}");
            }
        }
        assert!(has(quote! { sse9 }).is_err());
    }
}
