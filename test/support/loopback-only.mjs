// Loaded before a program: it ends when it wants to connect to another computer.
import net from 'node:net'

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...said) {
  const [options] = Array.isArray(said[0]) ? said[0] : said
  const { host = '127.0.0.1', path } = typeof options === 'object' ? options : {}
  if (path === undefined && !['127.0.0.1', '::1'].includes(host)) {
    process.stderr.write(`It wanted to leave this computer, for ${host}.\n`)
    process.exit(99)
  }
  return connect.apply(this, said)
}
