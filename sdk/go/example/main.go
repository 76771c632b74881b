// An app with a license: example [license key]. Its settings are environment variables, which a real app compiles in.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"latchkey.example/latchkey"
)

func main() {
	log.SetFlags(0)
	product := os.Getenv("LATCHKEY_PRODUCT")
	var keys []latchkey.PublicKey
	if err := json.Unmarshal([]byte(os.Getenv("LATCHKEY_KEYS")), &keys); err != nil {
		log.Fatalf("LATCHKEY_KEYS has to be a list of public keys: %v", err)
	}
	device, err := latchkey.MachineDevice(product)
	if err != nil {
		log.Fatal(err)
	}
	file := os.Getenv("LATCHKEY_FILE")
	if file == "" {
		file = filepath.Join(os.TempDir(), "latchkey-example", "license.json")
	}

	license, err := latchkey.New(latchkey.Options{
		URL:        os.Getenv("LATCHKEY_URL"),
		APIKey:     os.Getenv("LATCHKEY_API_KEY"),
		Product:    product,
		Version:    "2.1.0",
		Released:   "2026-02-15",
		PublicKeys: keys,
		Device:     device,
		Storage:    latchkey.FileStorage(file),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer license.Close()

	status := license.Start()
	if status.State == latchkey.StateNotActivated && len(os.Args) > 1 {
		if status, err = license.Activate(context.Background(), os.Args[1]); err != nil {
			log.Print(err)
		}
	}
	fmt.Println(status.State)
	if status.Error != nil {
		log.Print(status.Error)
	}
	if !status.Usable {
		license.Stop()
		os.Exit(1)
	}
}
