//! The fonts that the binary carries.

/// Inter Regular, under the OFL (`assets/fonts/OFL.txt`): Latin, Greek, Cyrillic, signs.
pub const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
/// Inter Semi Bold, under the OFL; stands in for bold.
pub const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf");
/// The same for browsers, compressed.
pub const WEB: [&[u8]; 2] = [
    include_bytes!("../../../assets/fonts/Inter-Regular.woff2"),
    include_bytes!("../../../assets/fonts/Inter-SemiBold.woff2"),
];
