package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"os/user"
	"time"
)

func say(path string, answer func(r *http.Request) (any, error)) {
	http.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		made, err := answer(r)
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintf(w, "%v\n", made)
	})
}

func main() {
	say("/", func(r *http.Request) (any, error) { return "Go serves itself", nil })
	say("/zone", func(r *http.Request) (any, error) {
		place, err := time.LoadLocation(r.FormValue("z"))
		if err != nil {
			return nil, err
		}
		return time.Unix(0, 0).In(place), nil
	})
	say("/user", func(r *http.Request) (any, error) { return user.Lookup("www-data") })
	say("/group", func(r *http.Request) (any, error) { return user.LookupGroup("staff") })
	say("/me", func(r *http.Request) (any, error) { u, err := user.LookupId("0"); return u.HomeDir, err })
	say("/type", func(r *http.Request) (any, error) { return mime.TypeByExtension(r.FormValue("e")), nil })
	say("/exts", func(r *http.Request) (any, error) { return mime.ExtensionsByType("application/zip") })
	say("/service", func(r *http.Request) (any, error) { return net.LookupPort("tcp", r.FormValue("n")) })
	say("/host", func(r *http.Request) (any, error) { return net.LookupHost("localhost") })
	say("/certs", func(r *http.Request) (any, error) {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		return len(pool.Subjects()), nil
	})
	say("/fetch", func(r *http.Request) (any, error) { return http.Get("http://127.0.0.1:9/") })
	say("/tmp", func(r *http.Request) (any, error) {
		f, err := os.CreateTemp("", "a")
		if err != nil {
			return nil, err
		}
		defer os.Remove(f.Name())
		return "made", nil
	})
	say("/sum", func(r *http.Request) (any, error) {
		body, err := io.ReadAll(r.Body)
		return fmt.Sprintf("%x", sha256.Sum256(body)), err
	})
	say("/hosts", func(r *http.Request) (any, error) { b, err := os.ReadFile("/etc/protocols"); return len(b), err })
	say("/page", func(r *http.Request) (any, error) {
		return "", template.Must(template.New("p").Parse("{{.}}")).Execute(io.Discard, "<b>")
	})
	http.HandleFunc("/json", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(r.Header) })
	http.Handle("/site/", http.StripPrefix("/site/", http.FileServer(http.Dir("/site"))))
	fmt.Println("listening")
	panic(http.ListenAndServe(":8080", nil))
}
