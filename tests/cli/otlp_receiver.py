"""A receiver of OTLP for check_otlp.sh: otlp_receiver.py FOLDER STATUS.

Writes its port to FOLDER/port, and each request's body to FOLDER/NUMBER.SIGNAL.json; ends when its
standard input does."""

import http.server
import os
import sys
import threading

folder, status = sys.argv[1], int(sys.argv[2])
count = 0


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global count
        count += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signal = self.path.rsplit("/", 1)[-1]
        with open(f"{folder}/{count}.{signal}.json", "wb") as file:
            file.write(body)
        with open(f"{folder}/headers", "a") as file:
            file.write(str(self.headers))
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
server.daemon_threads = True
with open(f"{folder}/port.new", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{folder}/port.new", f"{folder}/port")
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
