namespace Gamekeeper.Tests.Harness;

/// <summary>Who a test connects as.</summary>
internal enum TestRole
{
    Superuser,
    Owner,
    App,
    Readonly,
    Auditor,
}
