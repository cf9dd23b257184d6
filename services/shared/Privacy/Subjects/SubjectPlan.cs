using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using WpAsis.Privacy.Classification;

namespace WpAsis.Privacy.Subjects;

/// <summary>One table as it concerns a person.</summary>
/// <param name="Entity">The declaration.</param>
/// <param name="Name">The table.</param>
/// <param name="Condition">Which rows are theirs; <c>$1</c> is the person.</param>
/// <param name="OnErase">What erasure does to them.</param>
public sealed record SubjectTable(IEntityType Entity, string Name, string Condition, OnErase OnErase)
{
    /// <summary>The statement of erasure.</summary>
    public string EraseSql =>
        OnErase is OnErase.Anonymise
            ? $"update {Name} set {string.Join(", ", Anonymised())} where {Condition}"
            : $"delete from {Name} where {Condition}";

    /// <summary>The statement of export.</summary>
    public string SelectSql => $"select * from {Name} where {Condition}";

    /// <summary>The same among one customer's rows; <c>$2</c> is the customer.</summary>
    public string SelectOfTenantSql => $"select * from {Name} where ({Condition}) and tenant_id = $2";

    /// <inheritdoc />
    public override string ToString() => EraseSql;

    // The rows stay as counts: whatever leads to the person is emptied.
    private IEnumerable<string> Anonymised()
    {
        foreach (var property in Entity.GetProperties())
        {
            var isPersonal = property.PropertyInfo?.GetCustomAttribute<PersonalDataAttribute>() is not null;
            if (isPersonal && property.IsNullable)
                yield return $"{property.GetColumnName()} = null";
            else if (SubjectPaths.LeadsToAPerson(property))
                yield return $"{property.GetColumnName()} = '{Guid.Empty}'";
        }
    }
}

/// <summary>
/// Where a service keeps a person, derived from its model: tables that name the person, and tables that name something of theirs.
/// Dependents come before what they depend on, so that erasure finds every row; export reads the same list.
/// </summary>
public sealed class SubjectPlan
{
    private SubjectPlan(IReadOnlyList<SubjectTable> tables)
    {
        Tables = tables;
        var text = string.Join('\n', tables.Select(table => table.EraseSql));
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Dependents first.</summary>
    public IReadOnlyList<SubjectTable> Tables { get; }

    /// <summary>SHA-256 of the plan: a receipt says by which one it was made.</summary>
    public string Hash { get; }

    /// <summary>Derives the plan of a service's model.</summary>
    public static SubjectPlan Of(IModel model)
    {
        var paths = new SubjectPaths(model);
        return new SubjectPlan([
            .. paths
                .InOrder()
                .Where(entity => !IsHeld(entity))
                .Select(entity => new SubjectTable(entity, SubjectPaths.TableOf(entity), paths.ConditionOf(entity), ActionOf(entity))),
        ]);
    }

    /// <summary>Tables whose rows stay for a stated legal reason, restricted.</summary>
    public static IEnumerable<string> Held(IModel model) =>
        SubjectPaths.Candidates(model).Where(IsHeld).Select(entity => entity.GetTableName()!);

    /// <summary>Tables that hold personal data, lead to nobody and are not held: each needs a reason.</summary>
    public static IEnumerable<string> Unreached(IModel model)
    {
        var reached = Of(model).Tables.Select(table => table.Entity).ToHashSet();
        return SubjectPaths
            .Candidates(model)
            .Where(entity => !reached.Contains(entity) && !IsHeld(entity) && HoldsPersonalData(entity))
            .Select(entity => entity.GetTableName()!);
    }

    private static bool HoldsPersonalData(IEntityType entity) =>
        Declared(entity.ClrType) is not null
        || entity
            .GetProperties()
            .Any(property =>
                property.PropertyInfo is { } info
                && Declared(info) is { } data
                && data is not TenantTextAttribute and not TenantSecretAttribute
            );

    private static bool IsHeld(IEntityType entity)
    {
        if (Declared(entity.ClrType) is { } rows)
            return rows.OnErase is OnErase.Hold;
        var values = entity
            .GetProperties()
            .Select(property => property.PropertyInfo is { } info ? Declared(info) : null)
            .OfType<PersonalDataAttribute>()
            .ToList();
        return values.Count > 0 && values.TrueForAll(value => value.OnErase is OnErase.Hold);
    }

    // A word on the class speaks for its rows; without one the rows go.
    private static OnErase ActionOf(IEntityType entity) =>
        Declared(entity.ClrType)?.OnErase is OnErase.Anonymise ? OnErase.Anonymise : OnErase.Delete;

    private static PersonalDataAttribute? Declared(MemberInfo member) => member.GetCustomAttribute<PersonalDataAttribute>();
}
