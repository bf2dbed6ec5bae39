spec: v0.6

name: coreutils-ls

runtime: base:latest

rootfs: ./Dockerfile

cmd: ["/usr/bin/ls", "-1", "/text"]
