package main

import (
	"fmt"
	"reflect"
	"strings"

	"casefile/policy"
)

// fallible is the results of a getter, as one value.
type fallible struct {
	value any
	err   error
}

func result[T any](value T, err error) fallible {
	return fallible{value, err}
}

// shown is a value of the contract as text. Names in the contract are in the
// tags of fields.
func shown(value any) string {
	switch value := value.(type) {
	case fallible:
		if value.err != nil {
			return "err(" + shown(value.err) + ")"
		}
		return "ok(" + shown(value.value) + ")"
	case *policy.Absent:
		return fmt.Sprintf("{path: %s, state: %s, detail: %s}",
			shown(value.Path), state(value.Reason), shown(value.Detail))
	case policy.Value:
		return value.Type.String() + "(" + shown(payload(value)) + ")"
	case fmt.Stringer:
		return value.String()
	}
	reflected := reflect.ValueOf(value)
	switch reflected.Kind() {
	case reflect.String:
		return quoted(reflected.String())
	case reflect.Pointer:
		if reflected.IsNil() {
			return "none"
		}
		return "some(" + shown(reflected.Elem().Interface()) + ")"
	case reflect.Slice:
		return "[" + elements(reflected) + "]"
	case reflect.Array:
		return "(" + elements(reflected) + ")"
	case reflect.Struct:
		return structure(reflected)
	default:
		return fmt.Sprint(value)
	}
}

func state(reason policy.Reason) string {
	if reason == policy.ReasonAbsent {
		return "absent"
	}
	return "unknown(" + reason.String() + ")"
}

func payload(value policy.Value) any {
	switch value.Type {
	case policy.TypeBoolean:
		return value.Boolean
	case policy.TypeInteger:
		return value.Integer
	case policy.TypeText:
		return value.Text
	default:
		return value.Texts
	}
}

func elements(list reflect.Value) string {
	all := make([]string, list.Len())
	for index := range all {
		all[index] = shown(list.Index(index).Interface())
	}
	return strings.Join(all, ", ")
}

// structure is a tuple, whose fields have no names in the contract, a variant,
// whose first field says which case it is, or a record.
func structure(from reflect.Value) string {
	kind := from.Type()
	var fields []string
	var variant string
	for index := range from.NumField() {
		name := kind.Field(index).Tag.Get("wit")
		value := shown(from.Field(index).Interface())
		switch {
		case name == "":
			fields = append(fields, value)
		case name == "case":
			variant = value
		case variant == name:
			return variant + "(" + value + ")"
		default:
			fields = append(fields, name+": "+value)
		}
	}
	switch {
	case variant != "":
		return variant
	case kind.Field(0).Tag.Get("wit") == "":
		return "(" + strings.Join(fields, ", ") + ")"
	default:
		return "{" + strings.Join(fields, ", ") + "}"
	}
}

func quoted(text string) string {
	var to strings.Builder
	to.WriteByte('"')
	for _, character := range text {
		switch {
		case character == '"' || character == '\\':
			to.WriteByte('\\')
			to.WriteRune(character)
		case character < ' ' || character == '\x7f':
			fmt.Fprintf(&to, "\\u{%x}", character)
		default:
			to.WriteRune(character)
		}
	}
	to.WriteByte('"')
	return to.String()
}
