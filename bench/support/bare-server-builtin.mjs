// As bare-server.mjs, without the fetch that an import of node:http brings along.
const { createServer } = process.getBuiltinModule('node:http')

const body = 'x'.repeat(Number(process.argv[2] ?? 5))
const server = createServer((_request, response) => {
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`listening on ${typeof address === 'object' && address ? address.port : 0}`)
})
