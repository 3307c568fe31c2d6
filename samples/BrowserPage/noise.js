// Noise from a seed, the same in every browser. (The library's seeds are others: a picture travels by its noise, not by its seed.)
export function seededNoise(seed, size, isUniform) {
    const uniform = xorshift(seed);
    // Box and Muller's method makes normal numbers of uniform ones.
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return Float32Array.from({ length: size }, isUniform ? () => 2 * uniform() - 1 : normal);
}

// Marsaglia's generator of 32 bits, numbers in [0, 1). The first ones of neighbouring seeds are alike, and left out.
function xorshift(seed) {
    let state = Math.imul(seed, 0x9E3779B9) || 1;
    const next = () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 2 ** 32;
    };
    for (let i = 0; i < 16; i++)
        next();
    return next;
}
