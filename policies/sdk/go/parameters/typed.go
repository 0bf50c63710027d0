package parameters

import "casefile/policy"

// Boolean is the value of a parameter that is true or false.
func Boolean(name string) (bool, error) {
	value, err := typed(name, policy.TypeBoolean)
	return value.Boolean, err
}

// Integer is the value of a parameter that is a whole number.
func Integer(name string) (int64, error) {
	value, err := typed(name, policy.TypeInteger)
	return value.Integer, err
}

// Text is the value of a parameter that is a text.
func Text(name string) (string, error) {
	value, err := typed(name, policy.TypeText)
	return value.Text, err
}

// Texts is the value of a parameter that is a list of texts.
func Texts(name string) ([]string, error) {
	value, err := typed(name, policy.TypeTexts)
	return value.Texts, err
}

func typed(name string, kind policy.Type) (policy.Value, error) {
	value, err := Get(name)
	if err != nil {
		return policy.Value{}, err
	}
	if value.Type != kind {
		detail := "is of the type " + value.Type.String() + ", not " + kind.String()
		return policy.Value{}, &policy.Absent{Path: name, Reason: policy.ReasonMalformed, Detail: detail}
	}
	return value, nil
}
