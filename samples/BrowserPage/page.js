// The page: a picture, sliders for the first numbers of its noise, and the pictures of the next seeds.
import { Generator } from "./generator.js";
import { seededNoise } from "./noise.js";

const others = 12, mostSliders = 6;
const part = id => document.getElementById(id);
let generator = null, seed = 1, noise = [], sliders = [], wanted = false, working = null, filled = 0, chosen = 0;

/** Shows the picture of a noise vector. The newest is shown; of those that come faster than they can be drawn, some are not. */
export function show(vector) {
    noise = vector;
    sliders.forEach((slider, i) => {
        slider.value = noise[i];
        slider.previousElementSibling.value = noise[i].toFixed(2);
    });
    wanted = true;
    return working ??= follow().finally(() => working = null);
}

/** Takes the bytes of an ONNX file, which may be on their way, as the model of the page. What was chosen last counts, whichever is read first. */
export async function use(bytes, name) {
    const turn = ++chosen;
    say(`Reading ${name} …`);
    let loaded;
    try {
        loaded = await Generator.load(new Uint8Array(await bytes), name);
    } catch (failure) {
        if (turn === chosen)
            throw failure;
    }
    if (turn !== chosen)
        return;
    generator = loaded;
    part("controls").replaceChildren();
    const reach = generator.isUniform ? 1 : 4;
    part("class").replaceChildren(...generator.classes.map((text, i) => new Option(text, i)));
    part("classes").hidden = generator.classes.length === 0;
    sliders = Array.from({ length: Math.min(mostSliders, generator.noiseSize) }, (_, i) => slider(i, reach));
    const some = sliders.length < generator.noiseSize ? `The first ${sliders.length} of its` : "Its";
    part("sliders").textContent = `${some} ${generator.noiseSize} random numbers`;
    part("model").hidden = false;
    say("");
    await start(1);
}

async function follow() {
    while (wanted) {
        wanted = false;
        const [image] = await generator.draw([noise], label());
        paint(part("picture"), image);
    }
}

const label = () => part("class").selectedIndex;

const ofSeed = number => seededNoise(number, generator.noiseSize, generator.isUniform);

async function start(next) {
    seed = next;
    await show(ofSeed(seed));
    await fill();
}

// One after the other, so that the page stays quick.
async function fill() {
    const turn = ++filled;
    part("others").replaceChildren();
    for (let i = 1; i <= others; i++) {
        const number = seed + i, [image] = await generator.draw([ofSeed(number)], label());
        if (turn !== filled)
            return;
        const button = Object.assign(document.createElement("button"), { ariaLabel: `Picture ${number}` });
        button.addEventListener("click", () => attempt(() => { seed = number; return show(ofSeed(seed)); }));
        button.append(document.createElement("canvas"));
        paint(button.firstChild, image);
        part("others").append(button);
        await new Promise(done => setTimeout(done));
    }
}

function paint(canvas, image) {
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").putImageData(image, 0, 0);
}

function slider(index, reach) {
    const box = Object.assign(document.createElement("div"), { className: "control" });
    const caption = Object.assign(document.createElement("label"), { htmlFor: `noise-${index + 1}`, textContent: `Noise ${index + 1}` });
    const input = Object.assign(document.createElement("input"), { id: caption.htmlFor, type: "range", min: -reach, max: reach, step: 0.01 });
    input.addEventListener("input", () => attempt(() => show(noise.map((value, i) => i === index ? input.valueAsNumber : value))));
    box.append(caption, Object.assign(document.createElement("output"), { ariaHidden: "true" }), input);
    part("controls").append(box);
    return input;
}

function save() {
    const link = Object.assign(document.createElement("a"), { href: part("picture").toDataURL(), download: "picture.png" });
    link.click();
}

function say(text) {
    part("said").textContent = text;
}

async function attempt(action) {
    try {
        await action();
    } catch (failure) {
        say(failure.message);
    }
}

async function open() {
    const name = new URLSearchParams(location.search).get("model") ?? "faces.onnx";
    const answer = await fetch(name);
    if (!answer.ok)
        throw new Error(`There is no ${name} beside this page. Make one with: dcgan export model.zip --out ${name}, or choose a file.`);
    await use(answer.arrayBuffer(), name);
}

part("another").addEventListener("click", () => attempt(() => start(Math.floor(Math.random() * 1e6))));
part("reset").addEventListener("click", () => attempt(() => show(ofSeed(seed))));
part("save").addEventListener("click", save);
part("class").addEventListener("change", () => attempt(async () => { await show(noise); await fill(); }));
part("file").addEventListener("change", event => attempt(async () => {
    const [file] = event.target.files;
    if (file)
        await use(file.arrayBuffer(), file.name);
}));
await attempt(open);
