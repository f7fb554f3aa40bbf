package identity

import (
	"fmt"
	"maps"
	"slices"
)

// Right is one thing that may be allowed: "room.verb", named by the locale key
// right.<code>. Roles are those that hold it when the program first meets it.
type Right struct {
	Code  string
	Roles []string
}

// Rights is every right of the program: rooms declare theirs, app adds them, Sync
// brings new ones into the database.
type Rights struct {
	byCode map[string]Right
}

// NewRights starts with the rights of this package.
func NewRights() *Rights {
	r := &Rights{byCode: map[string]Right{}}
	r.Add(own...)
	return r
}

// Add declares rights. Declaring one twice is a mistake in the program: it panics.
func (r *Rights) Add(rights ...Right) {
	for _, one := range rights {
		if _, twice := r.byCode[one.Code]; twice || one.Code == "" {
			panic(fmt.Sprintf("identity: right %q declared twice", one.Code))
		}
		r.byCode[one.Code] = one
	}
}

// AddCodes declares rights that no role holds yet; Default names their roles.
func (r *Rights) AddCodes(codes ...string) {
	for _, c := range codes {
		r.Add(Right{Code: c})
	}
}

// Default says which of the declared rights a built-in role holds at first.
func (r *Rights) Default(role string, codes ...string) {
	for _, c := range codes {
		one, known := r.byCode[c]
		if !known {
			panic(fmt.Sprintf("identity: role %s is to hold right %q, which nobody declared", role, c))
		}
		one.Roles = append(slices.Clone(one.Roles), role)
		r.byCode[c] = one
	}
}

// All lists the rights by code.
func (r *Rights) All() []Right {
	all := make([]Right, 0, len(r.byCode))
	for _, code := range slices.Sorted(maps.Keys(r.byCode)) {
		all = append(all, r.byCode[code])
	}
	return all
}

// Has says whether a right is declared.
func (r *Rights) Has(code string) bool { _, ok := r.byCode[code]; return ok }

// Built-in roles (vai trò) in the order in which they are listed: those of the reform's
// direction (plan.md section 4), then those of the one-stop shop (one-stop.md section 2).
const (
	RoleAdmin       = "admin"       // quản trị hệ thống
	RoleChairman    = "chairman"    // Chủ tịch, Phó Chủ tịch UBND tỉnh
	RoleSecretariat = "secretariat" // Sở Nội vụ, thường trực CCHC
	RoleOffice      = "office"      // Văn phòng UBND tỉnh
	RoleAreaLead    = "area_lead"   // cơ quan phụ trách lĩnh vực
	RoleAgencyHead  = "agency_head" // người đứng đầu cơ quan
	RoleFocalPoint  = "focal_point" // đầu mối CCHC
	RoleOfficer     = "officer"     // chuyên viên
	RoleInspector   = "inspector"   // thành viên đoàn kiểm tra
	RoleAuditor     = "auditor"     // kiểm toán, chỉ xem
	RoleCitizen     = "citizen"     // công dân

	RoleReceptionist   = "receptionist"    // cán bộ tiếp nhận và trả kết quả (một cửa)
	RoleHandler        = "handler"         // chuyên viên thụ lý
	RoleUnitLeader     = "unit_leader"     // lãnh đạo đơn vị, ký giải quyết
	RoleCashier        = "cashier"         // cán bộ thu phí, lệ phí
	RoleCentreHead     = "centre_head"     // giám đốc Trung tâm Phục vụ hành chính công
	RoleProcedureAdmin = "procedure_admin" // quản trị thủ tục hành chính
)

// Roles lists the built-in roles.
var Roles = []string{RoleAdmin, RoleChairman, RoleSecretariat, RoleOffice, RoleAreaLead, RoleAgencyHead,
	RoleFocalPoint, RoleOfficer, RoleInspector, RoleAuditor, RoleCitizen,
	RoleReceptionist, RoleHandler, RoleUnitLeader, RoleCashier, RoleCentreHead, RoleProcedureAdmin}

// The rights of this package.
const (
	RightView     = "identity.view"     // see accounts, their roles and sign-ins
	RightManage   = "identity.manage"   // create, change, lock, invite, grant
	RightRoles    = "identity.roles"    // change what a role may do; province-wide
	RightDelegate = "identity.delegate" // hand one's own rights to another for a time
)

var own = []Right{
	{RightView, []string{RoleAdmin, RoleAuditor}},
	{RightManage, []string{RoleAdmin}},
	{RightRoles, []string{RoleAdmin}},
	{RightDelegate, []string{RoleChairman, RoleSecretariat, RoleOffice, RoleAreaLead, RoleAgencyHead}},
}
