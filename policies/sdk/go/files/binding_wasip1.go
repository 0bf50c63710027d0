// Code generated from wit/0.2.0 by `cargo xtask bindings`. DO NOT EDIT.

package files

import (
	raw "casefile/policy/internal/bindings/imports/casefile_policy_files"
	"casefile/policy/internal/lift"
	witRuntime "casefile/policy/internal/wit/runtime"
	witTypes "casefile/policy/internal/wit/types"
)

func getStat(path string) (Stat, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetStat(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Stat
		return zero, lift.Absent(result.Err())
	}
	return liftStat(result.Ok()), nil
}

func readText(path string) (Text, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.ReadText(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Text
		return zero, lift.Absent(result.Err())
	}
	return liftText(result.Ok()), nil
}

func readDirectory(path string) (Listing, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.ReadDirectory(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Listing
		return zero, lift.Absent(result.Err())
	}
	return liftListing(result.Ok()), nil
}

func getSpace(path string) (Space, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetSpace(path)
	if result.Tag() == witTypes.ResultErr {
		var zero Space
		return zero, lift.Absent(result.Err())
	}
	return liftSpace(result.Ok()), nil
}

func getAttribute(path string, name string) (Attribute, error) {
	witRuntime.Lock()
	defer witRuntime.Unlock()
	result := raw.GetAttribute(path, name)
	if result.Tag() == witTypes.ResultErr {
		var zero Attribute
		return zero, lift.Absent(result.Err())
	}
	return liftAttribute(result.Ok()), nil
}

func liftKind(from raw.Kind) Kind {
	return Kind(from)
}

func liftStat(from raw.Stat) Stat {
	var to Stat
	to.RealPath = from.RealPath
	to.Kind = liftKind(from.Kind)
	to.Mode = from.Mode
	to.UID = from.Uid
	to.GID = from.Gid
	to.Size = from.Size
	to.Modified = from.Modified
	to.Evidence = from.Evidence
	return to
}

func liftText(from raw.Text) Text {
	var to Text
	to.Content = from.Content
	to.Skipped = from.Skipped
	to.Evidence = from.Evidence
	return to
}

func liftListing(from raw.Listing) Listing {
	var to Listing
	to.Names = from.Names
	to.Evidence = from.Evidence
	return to
}

func liftAttribute(from raw.Attribute) Attribute {
	var to Attribute
	to.Value = from.Value
	to.Evidence = from.Evidence
	return to
}

func liftSpace(from raw.Space) Space {
	var to Space
	to.Point = from.Point
	to.Source = from.Source
	to.FileSystem = from.FileSystem
	to.Total = from.Total
	to.Free = from.Free
	to.Available = from.Available
	to.Inodes = from.Inodes
	to.FreeInodes = from.FreeInodes
	to.ReadOnly = from.ReadOnly
	to.Evidence = from.Evidence
	return to
}
