//! How a requirement may come out, as far as is known, and what that makes of several that stand together.

/// The ways in which a requirement may still come out; one way when everything is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Possible {
    /// It may hold, or be waived.
    pub met: bool,
    /// It may be for somebody to agree.
    pub asked: bool,
    /// It may fail.
    pub not_met: bool,
    /// It may not apply at all.
    pub absent: bool,
}

impl Possible {
    /// It holds.
    pub const MET: Self = Self { met: true, asked: false, not_met: false, absent: false };
    /// Somebody must agree.
    pub const ASKED: Self = Self { met: false, asked: true, not_met: false, absent: false };
    /// It fails.
    pub const NOT_MET: Self = Self { met: false, asked: false, not_met: true, absent: false };

    /// The ways of either.
    pub fn or(self, other: Self) -> Self {
        Self {
            met: self.met || other.met,
            asked: self.asked || other.asked,
            not_met: self.not_met || other.not_met,
            absent: self.absent || other.absent,
        }
    }

    /// Also, perhaps, not at all.
    pub fn or_absent(self) -> Self {
        Self { absent: true, ..self }
    }

    /// Whether it can stand in nobody's way: it holds, or it does not apply.
    pub fn is_free(self) -> bool {
        !self.asked && !self.not_met
    }

    /// What all of several make together.
    pub fn all(members: &[Self]) -> Self {
        let open = |member: &Self| member.met || member.asked || member.absent;
        let all_open = members.iter().all(open);
        Self {
            met: members.iter().all(|member| member.met || member.absent),
            asked: all_open && members.iter().any(|member| member.asked),
            not_met: members.iter().any(|member| member.not_met),
            absent: false,
        }
    }

    /// What it makes that so many of several must hold, and of more that are not known where there may be such;
    /// one that does not apply is none that holds.
    pub fn at_least(number: usize, members: &[Self], more: bool) -> Self {
        let count = |test: &dyn Fn(&Self) -> bool| members.iter().filter(|member| test(member)).count();
        let fails = |member: &Self| member.not_met || member.absent;
        let only_met = count(&|member| member.met && !member.asked && !fails(member));
        let may_be_met = count(&|member| member.met);
        let may_be_asked = count(&|member| member.asked);
        let never_fails = count(&|member| !fails(member));
        let met_or_nothing = count(&|member| member.met && !member.asked && fails(member));
        let few = only_met + may_be_asked + met_or_nothing < number;
        Self {
            met: more || may_be_met >= number,
            asked: only_met < number && (more || (may_be_asked > 0 && !few)),
            not_met: never_fails < number,
            absent: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAYS: [Possible; 4] = [
        Possible::MET,
        Possible::ASKED,
        Possible::NOT_MET,
        Possible { met: false, asked: false, not_met: false, absent: true },
    ];

    /// Every set of ways.
    fn sets() -> Vec<Possible> {
        (1..16u8)
            .map(|bits| {
                let chosen = WAYS.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
                chosen.fold(Possible::default(), |set, (_, way)| set.or(*way))
            })
            .collect()
    }

    /// The single ways of which a set is made.
    fn ways(set: Possible) -> Vec<Possible> {
        WAYS.into_iter().filter(|way| set.or(*way) == set).collect()
    }

    /// What several that are all known make together, said as plainly as can be.
    fn plain(number: Option<usize>, members: &[Possible]) -> Possible {
        let met = members.iter().filter(|member| **member == Possible::MET).count();
        let asked = members.iter().filter(|member| **member == Possible::ASKED).count();
        let failed = members.iter().filter(|member| **member == Possible::NOT_MET).count();
        match number {
            None if failed > 0 => Possible::NOT_MET,
            None if asked > 0 => Possible::ASKED,
            None => Possible::MET,
            Some(number) if met >= number => Possible::MET,
            Some(number) if met + asked >= number => Possible::ASKED,
            Some(_) => Possible::NOT_MET,
        }
    }

    /// Every way in which three members, each with its own ways, may come out together.
    fn together(number: Option<usize>, members: &[Possible]) -> Possible {
        let mut result = Possible::default();
        for a in ways(members[0]) {
            for b in ways(members[1]) {
                for c in ways(members[2]) {
                    result = result.or(plain(number, &[a, b, c]));
                }
            }
        }
        result
    }

    #[test]
    fn what_is_said_of_several_is_exactly_what_may_become_of_them() {
        let sets = sets();
        for a in &sets {
            for b in &sets {
                for c in &sets {
                    let members = [*a, *b, *c];
                    assert_eq!(Possible::all(&members), together(None, &members), "all of {members:?}");
                    for number in 1..=3 {
                        let said = Possible::at_least(number, &members, false);
                        assert_eq!(said, together(Some(number), &members), "{number} of {members:?}");
                    }
                }
            }
        }
    }
}
