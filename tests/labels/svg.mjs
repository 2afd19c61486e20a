// Draws SVGs with a foreign renderer, a pixel a dot. Arguments: files; beside each a PNG is put.
import { readFile, writeFile } from 'node:fs/promises'
import { Resvg } from '@resvg/resvg-js'

for (const file of process.argv.slice(2)) {
  const svg = await readFile(file, 'utf8')
  const [, width] = /viewBox="0 0 (\d+) /.exec(svg)
  await writeFile(`${file}.png`, new Resvg(svg, { fitTo: { mode: 'width', value: Number(width) } }).render().asPng())
}
