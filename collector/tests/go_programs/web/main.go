// A server and a client without limits, whose calls are inlined away.
package main

import (
	"log"
	"net/http"
	"os"
)

//go:noinline
func fetch(url string) {
	if _, err := http.Get(url); err != nil {
		log.Printf("no answer: %v", err)
	}
}

func main() {
	if len(os.Args) > 1 {
		fetch(os.Args[1])
	}
	log.Fatal(http.ListenAndServe("localhost:0", nil))
}
