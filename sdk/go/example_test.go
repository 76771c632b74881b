// Examples of the documentation.

package latchkey_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"latchkey.example/latchkey"
)

func Example() {
	device, err := latchkey.MachineDevice("painter")
	if err != nil {
		log.Fatal(err)
	}
	license, err := latchkey.New(latchkey.Options{
		URL:        "https://licenses.example.com",
		APIKey:     "lk_…",
		Product:    "painter",
		Version:    "2.1.0",
		PublicKeys: []latchkey.PublicKey{{ID: "…", X: "…"}},
		Device:     device,
		Storage:    latchkey.FileStorage("/path/of/your/app/license.json"),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer license.Close()
	if status := license.Start(); !status.Usable {
		log.Print(status.State, ": ", status.Reason)
	}
}

func ExampleState_Usable() {
	for _, state := range []latchkey.State{latchkey.StateValid, latchkey.StateGrace, latchkey.StateExpired} {
		fmt.Println(state, state.Usable())
	}
	// Output:
	// valid true
	// grace true
	// expired false
}

func ExampleReadLicenseKey() {
	key, ok := latchkey.ReadLicenseKey("“3AHR–Z6DM–V29G–QY5M”.")
	fmt.Println(key.Text, key.ChecksumMismatch, ok)
	key, ok = latchkey.ReadLicenseKey("3AHR-Z6DM-V29G-QY5N")
	fmt.Println(key.Text, key.ChecksumMismatch, ok)
	_, ok = latchkey.ReadLicenseKey("3AH")
	fmt.Println(ok)
	// Output:
	// 3AHR-Z6DM-V29G-QY5M false true
	// 3AHR-Z6DM-V29G-QY5N true true
	// false
}

func ExampleDeviceOf() {
	device, err := latchkey.DeviceOf("painter",
		latchkey.Part{Name: "board", Value: "To be filled by O.E.M."},
		latchkey.Part{Name: "volume", Value: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11"},
	)
	fmt.Println(len(device.Components), device.Components["volume"], err)
	// Output: 1 2ccc0c4f0caefd8060a51f761e8bd338 <nil>
}

func ExampleError() {
	_, err := latchkey.New(latchkey.Options{URL: "licenses.example.com"})
	var refusal *latchkey.Error
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Code)
	}
	// Output: INVALID_OPTIONS
}

func ExampleClient_OnChange() {
	var license *latchkey.Client // of New
	if license == nil {
		return
	}
	remove := license.OnChange(func(status latchkey.Status) { log.Print("The license is now ", status.State) })
	defer remove()
	license.Refresh(context.Background())
}
