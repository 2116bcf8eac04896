// Writes down whom a program asks for and connects to, and lets it reach nothing but this computer.

import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import net from 'node:net'

const isHere = (where) => /^(127\.|::1$|localhost$|\/)/.test(where)

function watched(where) {
  appendFileSync(process.env.TEST_CONNECTS, `${isHere(where) ? 'here' : 'away'} ${where}\n`)
  if (!isHere(where)) throw new Error(`This test lets nothing leave the computer: ${where}`)
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const options = typeof first === 'object' ? first : { port: first, host: args[1] }
  watched(String(options.path ?? options.host ?? 'localhost'))
  return connect.apply(this, args)
}
const { lookup } = dns
dns.lookup = (name, ...rest) => {
  watched(name)
  return lookup(name, ...rest)
}
