// The second baseline of `handout`: node:http that has some bytes for each answer on the disk before it sends it, all
// answers of one turn of the event loop with one flush. What the disk and Node take; the rest is bhor's.
import { fsyncSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'

const [size, path, recordSize] = process.argv.slice(2)
const body = 'x'.repeat(Number(size))
const record = 'x'.repeat(Number(recordSize))
const file = openSync(path, 'w', 0o600)
let waiting = []

function answerAll() {
  const answers = waiting
  waiting = []
  writeSync(file, record.repeat(answers.length))
  fsyncSync(file)
  for (const response of answers) response.end(body)
}

const server = createServer((_request, response) => {
  waiting.push(response)
  if (waiting.length === 1) setImmediate(answerAll)
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
