"""People answer for policies: each by its own division of responsibilities, or by that of policies in general."""

from schakel.chain.answerable import answers_in
from schakel.governance.policies import Policy

answers_in(Policy, "policy")
