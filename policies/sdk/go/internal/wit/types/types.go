// Package types holds the generic values that the generated bindings are made
// of: what WIT calls option, result and tuple.
package types

// Tags of an Option and of a Result.
const (
	OptionNone uint8 = 0
	OptionSome uint8 = 1
	ResultOk   uint8 = 0
	ResultErr  uint8 = 1
)

// Option is a value that may be missing.
type Option[T any] struct {
	value *T
}

// None is no value.
func None[T any]() Option[T] {
	return Option[T]{}
}

// Some is a value.
func Some[T any](value T) Option[T] {
	return Option[T]{&value}
}

// OptionOf is the value behind a pointer, or none for nil.
func OptionOf[T any](value *T) Option[T] {
	return Option[T]{value}
}

// Tag is OptionSome or OptionNone.
func (option Option[T]) Tag() uint8 {
	if option.value == nil {
		return OptionNone
	}
	return OptionSome
}

// Some is the value; asked only where there is one.
func (option Option[T]) Some() T {
	return *option.value
}

// Pointer is the value, or nil.
func (option Option[T]) Pointer() *T {
	return option.value
}

// Result is a value, or why there is none.
type Result[T, E any] struct {
	value T
	err   *E
}

// Ok is a value.
func Ok[T, E any](value T) Result[T, E] {
	return Result[T, E]{value: value}
}

// Err is why there is none.
func Err[T, E any](err E) Result[T, E] {
	return Result[T, E]{err: &err}
}

// Tag is ResultOk or ResultErr.
func (result Result[T, E]) Tag() uint8 {
	if result.err == nil {
		return ResultOk
	}
	return ResultErr
}

// Ok is the value; the zero value where there is none.
func (result Result[T, E]) Ok() T {
	return result.value
}

// Err is why there is no value; asked only where there is none.
func (result Result[T, E]) Err() E {
	return *result.err
}

// Tuple2 is two values.
type Tuple2[A, B any] struct {
	F0 A
	F1 B
}

// Tuple4 is four values.
type Tuple4[A, B, C, D any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
}
