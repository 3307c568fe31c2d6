// The metadata of an ONNX file, which onnxruntime-web does not hand out: field 14 of the file's outermost message, a pair of
// strings for each property (onnx.proto: ModelProto.metadata_props, StringStringEntryProto).
export function readMetadata(bytes) {
    const decoder = new TextDecoder(), properties = {};
    for (const [field, value] of fields(bytes)) {
        if (field === 14) {
            const pair = new Map(fields(value));
            properties[decoder.decode(pair.get(1))] = decoder.decode(pair.get(2));
        }
    }
    return properties;
}

// The numbers and bytes of a message's fields that have a length: texts, messages, arrays. Others are passed over.
function* fields(bytes) {
    let at = 0;
    const number = () => {
        let value = 0, scale = 1, byte;
        do {
            byte = bytes[at++];
            value += (byte & 127) * scale;
            scale *= 128;
        } while (byte > 127);
        return value;
    };
    while (at < bytes.length) {
        const tag = number();
        switch (tag & 7) {
            case 0: number(); break;
            case 1: at += 8; break;
            case 5: at += 4; break;
            case 2: {
                const length = number();
                yield [tag >>> 3, bytes.subarray(at, at + length)];
                at += length;
                break;
            }
            default: throw new Error("The file is damaged.");
        }
    }
}
