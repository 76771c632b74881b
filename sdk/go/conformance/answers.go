// The answers: a status, a meter and an error, with the names of all languages.
package main

import (
	"errors"
	"time"

	"latchkey.example/latchkey"
)

func statusAnswer(status latchkey.Status, err error) answer {
	if err != nil {
		return failure(err)
	}
	members := answer{
		"state":         status.State,
		"usable":        status.Usable,
		"reason":        status.Reason,
		"code":          orNull(status.Code),
		"entitlements":  status.Entitlements,
		"max_users":     nil,
		"license_ends":  orNull(status.LicenseEnds),
		"grace_ends":    orNull(status.GraceEnds),
		"file_ends":     unixOrNull(status.FileEnds),
		"checked_at":    unixOrNull(status.CheckedAt),
		"file":          nil,
		"error":         nil,
		"storage_error": nil,
	}
	if status.MaxUsers != 0 {
		members["max_users"] = status.MaxUsers
	}
	if status.File != nil {
		members["file"] = fileMembers(status.File)
	}
	if status.Error != nil {
		members["error"] = errorMembers(status.Error)
	}
	if status.StorageError != nil {
		members["storage_error"] = status.StorageError.Error()
	}
	return answer{"status": members}
}

func fileMembers(file *latchkey.FileClaims) answer {
	return answer{
		"iss": file.Issuer, "iat": file.IssuedAt.Unix(), "nbf": file.NotBefore.Unix(), "exp": file.ExpiresAt.Unix(),
		"jti": file.ID, "seq": file.Seq, "product": file.Product, "license": file.License,
		"activation": file.Activation, "state": file.State, "license_ends": orNull(file.LicenseEnds),
		"grace_ends": orNull(file.GraceEnds), "after_expiry": file.AfterExpiry,
		"updates_until": orNull(file.UpdatesUntil), "versions": orNull(file.Versions), "max_users": file.MaxUsers,
		"entitlements": file.Entitlements, "metadata": file.Metadata,
		"customer": answer{"name": file.CustomerName, "company": orNull(file.Company)},
		"machine": answer{
			"match": file.Machine.Match, "salt": file.Machine.Salt, "fingerprint": file.Machine.Fingerprint,
			"components": file.Machine.Components,
		},
		"status": answer{"uri": file.StatusURI, "idx": file.StatusIndex},
	}
}

func meterAnswer(meter latchkey.Meter, err error) answer {
	return orFailure(answer{"meter": meterMembers(meter)}, err)
}

func meterMembers(meter latchkey.Meter) answer {
	return answer{
		"id": meter.ID, "used": meter.Used, "reserved": meter.Reserved,
		"limit": meter.Limit, "remaining": meter.Remaining,
	}
}

func orFailure(good answer, err error) answer {
	if err != nil {
		return failure(err)
	}
	return good
}

func failure(err error) answer {
	var refusal *latchkey.Error
	if !errors.As(err, &refusal) {
		refusal = &latchkey.Error{Code: "UNKNOWN", Message: err.Error()}
	}
	return answer{"error": errorMembers(refusal)}
}

func errorMembers(refusal *latchkey.Error) answer {
	members := answer{
		"code": refusal.Code, "message": refusal.Message, "status": refusal.Status,
		"request_id": orNull(refusal.RequestID), "details": refusal.Details, "retry_after": nil,
	}
	if refusal.Details == nil {
		members["details"] = answer{}
	}
	if refusal.RetryAfter != 0 {
		members["retry_after"] = refusal.RetryAfter.Seconds()
	}
	return members
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func unixOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.Unix()
}
