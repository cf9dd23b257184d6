using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.DataSubjects;

/// <summary>Whom data-subject-request asks a service about.</summary>
/// <param name="SubjectId">The person.</param>
/// <param name="Kind">Account or contact.</param>
/// <param name="TenantId">The controller; absent for an account as such.</param>
public sealed record SubjectQuery(DataSubjectId SubjectId, SubjectKind Kind, TenantId? TenantId = null);

/// <summary>Whether a person is there, asked of the service that knows such persons.</summary>
/// <param name="Found">There is such a person, and they are not erased.</param>
/// <param name="IsLastOwner">An account that is the last owner of a business.</param>
public sealed record SubjectLocation(bool Found, bool IsLastOwner = false);

/// <summary>What a service took over of a correction.</summary>
/// <param name="Version">The profile's version after it.</param>
public sealed record RectifiedProfile(long Version);
