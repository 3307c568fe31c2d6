// One after the other: the tests measure memory and count tensors, and libtorch uses every core by itself.
[assembly: DoNotParallelize]
