package policy

// Type is the type of a parameter.
type Type uint8

// Values of Type.
const (
	TypeBoolean Type = iota
	TypeInteger
	TypeText
	TypeTexts
)

// String is the name in the contract.
func (kind Type) String() string {
	return name(kind, "boolean", "integer", "text", "texts")
}

// Value is a parameter's value: the field of its type is set.
type Value struct {
	// Type says which field counts.
	Type Type
	// Boolean is a truth value.
	Boolean bool
	// Integer is a whole number.
	Integer int64
	// Text is a text.
	Text string
	// Texts are several.
	Texts []string
}

// BooleanValue is true or false.
func BooleanValue(value bool) Value {
	return Value{Type: TypeBoolean, Boolean: value}
}

// IntegerValue is a whole number.
func IntegerValue(value int64) Value {
	return Value{Type: TypeInteger, Integer: value}
}

// TextValue is a text.
func TextValue(value string) Value {
	return Value{Type: TypeText, Text: value}
}

// TextsValue are several texts.
func TextsValue(value []string) Value {
	return Value{Type: TypeTexts, Texts: value}
}
