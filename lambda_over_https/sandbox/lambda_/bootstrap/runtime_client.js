'use strict';

// One kept connection to the Runtime API: just enough HTTP for it, at a fraction of the cost of Node.js's client.

const net = require('net');

const END_OF_HEAD = Buffer.from('\r\n\r\n');

class Connection {
  constructor(address) {
    [this.host, ...this.path] = address.split('/'); // the path begins with what nobody else can guess
    this.socket = null;
    this.received = Buffer.alloc(0);
    this.pending = null;
  }

  request(method, path, body = '') {
    const length = Buffer.byteLength(body);
    const target = ['', ...this.path].join('/') + path;
    return `${method} ${target} HTTP/1.1\r\nHost: ${this.host}\r\nContent-Length: ${length}\r\n\r\n${body}`;
  }

  // Send requests together, and return a response for each: {status, headers, body}; the body is text. Only one
  // exchange may run at a time.
  exchange(...requests) {
    const message = requests.join('');
    return new Promise((resolve, reject) => {
      this.pending = { message, resolve, reject, missing: requests.length, answers: [], retried: this.socket === null };
      this.send();
    });
  }

  send() {
    this.socket ??= this.connect();
    this.socket.ref();
    this.socket.write(this.pending.message);
  }

  connect() {
    const [host, port] = this.host.split(':');
    const socket = net.connect({ host, port: Number(port), noDelay: true });
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.closed());
    return socket;
  }

  // The API may have dropped the idle connection: then the request is sent again.
  closed() {
    this.socket = null;
    this.received = Buffer.alloc(0);
    if (this.pending === null) return;
    if (this.pending.retried) {
      this.pending.reject(new Error('The Runtime API closed the connection'));
    } else {
      Object.assign(this.pending, { retried: true, answers: [] });
      this.send();
    }
  }

  receive(chunk) {
    this.received = this.received.length ? Buffer.concat([this.received, chunk]) : chunk;
    for (let answer; this.pending !== null && (answer = this.nextAnswer()) !== null;) {
      const { resolve, missing, answers } = this.pending;
      if (answers.push(answer) === missing) {
        this.pending = null;
        this.socket.unref(); // so that the process ends if a handler's promise can never settle
        resolve(answers);
      }
    }
  }

  // Take the next response from what has arrived; null if it is not complete.
  nextAnswer() {
    const end = this.received.indexOf(END_OF_HEAD);
    if (end < 0) return null;
    const [status, ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
    }));
    const start = end + END_OF_HEAD.length;
    const after = start + Number(headers['content-length']);
    if (this.received.length < after) return null;
    const body = this.received.toString('utf8', start, after);
    this.received = this.received.subarray(after);
    return { status: Number(status.split(' ')[1]), headers, body };
  }
}

module.exports = { Connection };
