// Entitlements: what a license includes, by name.

package latchkey

// Entitlements have true, a float64 or a string for each name.
type Entitlements map[string]any

// Has reports whether there is an entitlement of that name.
func (e Entitlements) Has(name string) bool {
	value, isThere := e[name]
	return isThere && value != nil && value != false
}

// Number is the number of an entitlement; false when it has none.
func (e Entitlements) Number(name string) (float64, bool) {
	value, ok := e[name].(float64)
	return value, ok
}

// Text is the text of an entitlement; false when it has none.
func (e Entitlements) Text(name string) (string, bool) {
	value, ok := e[name].(string)
	return value, ok
}
