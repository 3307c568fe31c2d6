// A generator that `dcgan export` wrote, run in this page by onnxruntime-web.
import { readMetadata } from "./onnx-metadata.js";

const runtime = "./node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs";

export class Generator {
    #ort;
    #session;
    #last = Promise.resolve();

    /** Reads an ONNX file's bytes. Errors are for people. */
    static async load(bytes, name) {
        const ort = await import(runtime).catch(() => {
            throw new Error("onnxruntime-web is not here. In the folder of this page, run: npm install");
        });
        // More threads than one need headers that a plain file server does not send.
        ort.env.wasm.numThreads = 1;
        const session = await ort.InferenceSession.create(bytes).catch(failure => {
            throw new Error(`${name} is not an ONNX model that can be read: ${failure.message}`);
        });
        return new Generator(ort, session, readMetadata(bytes), name);
    }

    constructor(ort, session, metadata, name) {
        const [noise, label] = session.inputMetadata, [image] = session.outputMetadata;
        if (noise?.type !== "float32" || noise.shape.length !== 2 || image?.shape?.length !== 4)
            throw new Error(`${name} is not a generator: it should take noise, [batch, size], and give pictures. Was it exported with --network featurizer or scorer?`);
        this.#ort = ort;
        this.#session = session;
        this.noiseSize = noise.shape[1];
        this.isUniform = metadata.noise?.startsWith("uniform") ?? false;
        this.classes = label ? JSON.parse(metadata.classes ?? "[]") : [];
    }

    /** The pictures of noise vectors, as ImageData, all of the class of this index if the model has classes. */
    draw(vectors, label = 0) {
        // One run at a time.
        return this.#last = this.#last.catch(() => {}).then(() => this.#run(vectors, label));
    }

    async #run(vectors, label) {
        const { Tensor } = this.#ort, [noise, classInput] = this.#session.inputMetadata, count = vectors.length;
        const feeds = { [noise.name]: new Tensor("float32", Float32Array.from(vectors.flatMap(vector => [...vector])), [count, this.noiseSize]) };
        if (classInput)
            feeds[classInput.name] = classInput.type === "int64"
                ? new Tensor("int64", BigInt64Array.from(vectors, () => BigInt(label)), [count])
                : new Tensor("float32", Float32Array.from(vectors.flatMap(() => this.classes.map((_, i) => Number(i === label)))), [count, this.classes.length]);
        const output = (await this.#session.run(feeds))[this.#session.outputNames[0]];
        return vectors.map((_, i) => toImageData(output, i));
    }
}

// One picture of planes of numbers in [-1, 1], or of interleaved bytes (BytePixels); grey ones have one channel.
function toImageData({ type, dims, data }, index) {
    const isBytes = type === "uint8";
    const [channels, height, width] = isBytes ? [dims[3], dims[1], dims[2]] : dims.slice(1);
    const area = height * width, first = index * channels * area, image = new ImageData(width, height);
    for (let pixel = 0; pixel < area; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
            const source = Math.min(channel, channels - 1);
            image.data[4 * pixel + channel] = isBytes
                ? data[first + pixel * channels + source]
                : Math.floor(data[first + source * area + pixel] * 127.5 + 128);
        }
        image.data[4 * pixel + 3] = 255;
    }
    return image;
}
