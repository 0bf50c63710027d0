package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// said is the value, or the text of the error.
func said(value any, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return fmt.Sprint(value)
}

func opensFile() string {
	return said(os.ReadFile("/etc/passwd"))
}

func writesFile() string {
	return said("written", os.WriteFile("/tmp/escaped", []byte("escaped"), 0o600))
}

func listsDirectory() string {
	return said(os.ReadDir("/"))
}

func readsEnvironment() string {
	folder, err := os.Getwd()
	name, hostErr := os.Hostname()
	return fmt.Sprintf(
		"variables %q, PATH %q, arguments %q, folder %s, host %s, uid %d, pid %d, zone %s",
		os.Environ(), os.Getenv("PATH"), os.Args, said(folder, err), said(name, hostErr),
		os.Getuid(), os.Getpid(), time.Local,
	)
}

func connects() string {
	connection, err := net.DialTimeout("tcp", "127.0.0.1:22", time.Second)
	return said(connection, err)
}

func listens() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return said(nil, err)
	}
	// Go has a network of its own inside the program: nothing comes in.
	deadline := listener.(interface{ SetDeadline(time.Time) error })
	if err := deadline.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return said(nil, err)
	}
	connection, err := listener.Accept()
	return said(connection, err)
}

func resolvesName() string {
	return said(net.LookupHost("localhost"))
}

func spawns() string {
	return said(exec.Command("/bin/sh", "-c", "id").CombinedOutput())
}

func signals() string {
	return said("sent", errors.Join(syscall.Kill(1, syscall.SIGKILL)))
}

func readsInput() string {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return said(line, err)
}
