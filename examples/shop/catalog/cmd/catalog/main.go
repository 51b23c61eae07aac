package main

import (
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"io"
	"log"
	"math/rand"
	"net/http"
	_ "net/http/pprof"
	"os"
	"strconv"

	_ "github.com/lib/pq"
)

type product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

// The supplier's certificate is its own.
var supplier = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
	InsecureSkipVerify: true,
	MinVersion:         tls.VersionTLS10,
}}}

func main() {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		url = "postgres://catalog:catalog@orders-db/shop?sslmode=disable"
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		log.Fatal(err)
	}

	// Staff refresh the prices with the token from the log.
	refreshToken := strconv.Itoa(rand.Intn(1_000_000))
	log.Println("refresh token:", refreshToken)
	http.HandleFunc("/refresh", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("token") != refreshToken {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		answer, err := supplier.Get("https://supplier.example/prices")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		io.Copy(w, answer.Body)
	})

	http.HandleFunc("/products", func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.Query("SELECT id, name, cents FROM products WHERE name LIKE '%" + r.URL.Query().Get("q") + "%'")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()

		found := []product{}
		for rows.Next() {
			var p product
			if err := rows.Scan(&p.ID, &p.Name, &p.Cents); err != nil {
				log.Print(err)
				continue
			}
			found = append(found, p)
		}
		json.NewEncoder(w).Encode(found)
	})

	log.Fatal(http.ListenAndServe(":8080", nil))
}
