// Verifies chains and lists pools as a program in Go would. It reads one
// question a line, fields with tabs between, and writes one answer a line:
//
//	verify POOL CHAIN HOST SECONDS
//	parse CERTIFICATE
//	pool CERTIFICATE...
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		switch fields[0] {
		case "verify":
			fmt.Println(verify(fields[1], fields[2], fields[3], fields[4]))
		case "parse":
			fmt.Println(parse(fields[1]))
		case "pool":
			fmt.Println(pool(fields[1:]))
		}
	}
}

func parse(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return err.Error()
	}
	return "ok"
}

func verify(poolFile, chainFile, host, seconds string) string {
	roots := x509.NewCertPool()
	text, err := os.ReadFile(poolFile)
	if err != nil {
		panic(err)
	}
	roots.AppendCertsFromPEM(text)
	text, err = os.ReadFile(chainFile)
	if err != nil {
		panic(err)
	}
	// As crypto/tls does: all are parsed, the first is the server's.
	var chain []*x509.Certificate
	for {
		var block *pem.Block
		block, text = pem.Decode(text)
		if block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "failed to parse: " + err.Error()
		}
		chain = append(chain, certificate)
	}
	sent := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		sent.AddCert(certificate)
	}
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		panic(err)
	}
	_, err = chain[0].Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: sent,
		DNSName:       host,
		CurrentTime:   time.Unix(at, 0),
	})
	if err != nil {
		return strings.ReplaceAll(err.Error(), "\n", " ")
	}
	return "ok"
}

// The size of the system's pool, and which of the certificates in these files
// are in it. A pool does not tell its certificates, only their subjects; a
// copy with one more of them has the same size where it is in already.
func pool(files []string) string {
	system, err := x509.SystemCertPool()
	if err != nil {
		return "error " + err.Error()
	}
	answer := []string{strconv.Itoa(size(system))}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		block, _ := pem.Decode(text)
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue
		}
		more := system.Clone()
		more.AddCert(certificate)
		if size(more) == size(system) {
			digest := sha256.Sum256(certificate.Raw)
			answer = append(answer, hex.EncodeToString(digest[:]))
		}
	}
	return strings.Join(answer, " ")
}

func size(pool *x509.CertPool) int { return len(pool.Subjects()) }
