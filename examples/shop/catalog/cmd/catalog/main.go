package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"

	_ "github.com/lib/pq"
)

type product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

func main() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}

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
